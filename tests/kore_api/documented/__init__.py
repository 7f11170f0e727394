"""Every sample of the documentation's pages that the bot relies on, typed in, with the page beside it.

A file is one sample: the request as its curl prints it, the answer, and what the client must read in it. Prose of
the vendor (descriptions) and long encoded texts are shortened. Where a page contradicts itself, ``contradicts_itself``
says how, and what follows; ``read_as`` is the address read instead of the one printed.
"""

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

Json = dict[str, Any]


class Sample(BaseModel):
    """``campaign_type`` is the type of the campaigns in the answer; ``means`` are fields of our model."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    page: str
    sample: str = ""
    operation: Literal["get", "list", "contact_lists", "status", "delete"]
    version: Literal["v1", "v2"]
    campaign_type: Literal["sms", "voice"] = "sms"
    method: str
    printed: str
    read_as: str | None = None
    headers: dict[str, str]
    body: Json | None
    response: Json
    means: Json = {}
    contradicts_itself: tuple[str, ...] = ()

    @property
    def campaigns(self) -> list[Json]:
        """The campaigns of the answer, one or many, with ``_id`` whatever the page calls it."""
        data = self.response["data"]
        shown = data["results"] if self.operation == "list" else [data]
        return [{"_id": item.get("_id") or item["id"]} | {k: v for k, v in item.items() if k != "id"} for item in shown]

    def url(self, app_id: str, account_id: str) -> str:
        """The address with its placeholders filled in; the page has three names for the application's id."""
        filled = self.read_as or self.printed
        names = {
            "IID": app_id,
            "botId": app_id,
            "streamId": app_id,
            "accountId": account_id,
            "host": "platform.kore.ai",
        }
        if self.operation in ("get", "status", "delete"):
            names["campaignId"] = self.campaigns[0]["_id"]
        for name, value in names.items():
            filled = filled.replace(f"{{{{{name}}}}}", value)
        return filled


SAMPLES = {
    file.stem: Sample.model_validate(json.loads(file.read_text()))
    for file in sorted(Path(__file__).parent.glob("*.json"))
}
