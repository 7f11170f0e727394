"""Whole flows in virtual time; pytest explains a failed assertion of the shared steps too."""

import pytest

pytest.register_assert_rewrite(
    *(
        f"{__name__}.{name}"
        for name in ("steps", "list_steps", "stop_steps", "picker_steps", "home_steps", "stored_requests")
    )
)
