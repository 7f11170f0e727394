"""``python -m tests.stories.failures.wrong_clock SECONDS``: the bot on a computer whose wall clock is wrong by so much.

Tokens for Kore.ai keep the right time: its servers refuse a token of another time.
"""

import sys
import time
from datetime import datetime, timedelta
from types import SimpleNamespace

import dbos._context
import dbos._sys_db

import app
from deletion.domain import clock

WRONG_BY = float(sys.argv.pop())
WRONG_TIME = SimpleNamespace(**{**vars(time), "time": lambda: time.time() + WRONG_BY})


for module in (dbos._context, dbos._sys_db):  # noqa: SLF001 - where DBOS computes and compares delays
    vars(module)["time"] = WRONG_TIME
vars(clock)["datetime"] = SimpleNamespace(now=lambda zone: datetime.now(zone) + timedelta(seconds=WRONG_BY))
sys.exit(app.main())
