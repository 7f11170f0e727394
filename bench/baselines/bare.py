"""The lower bound: asynchronous Bolt with listeners that only ack. ``python -m bench.baselines.bare``."""

import os

from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

client = AsyncWebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
app = AsyncApp(client=client, signing_secret=os.environ["SLACK_SIGNING_SECRET"])


@app.command("/campaign-delete")
async def on_command(ack: AsyncAck) -> None:
    await ack()


@app.event("app_home_opened")
async def on_opened() -> None:
    """Do nothing: Bolt acks events itself."""


if __name__ == "__main__":
    web.run_app(app.web_app(path="/slack/events"), host="127.0.0.1", port=int(os.environ["PORT"]), print=None)
