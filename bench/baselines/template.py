"""The same flow on Slack's starter template. ``python -m bench.baselines.template``.

Synchronous Bolt, sequential calls, a new connection for each call; no approval, no record, no verification.
"""

import os
import time
import uuid
from typing import Any

import httpx
import jwt
from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

KORE, APP_ID = os.environ["KORE_BASE_URL"], os.environ["KORE_APP_ID"]
app = App(
    client=WebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"]),
    signing_secret=os.environ["SLACK_SIGNING_SECRET"],
)


@app.command("/campaign-delete")
def on_command(ack: Ack, command: dict[str, Any], client: WebClient, respond: Respond) -> None:
    ack()
    if command["text"] == "help":
        respond("Type the id of a campaign.")
        return
    campaign = read_campaign(command["text"])
    client.views_open(trigger_id=command["trigger_id"], view=summary(campaign))


def read_campaign(campaign_id: str) -> dict[str, Any]:
    claims = {"appId": os.environ["KORE_CLIENT_ID"], "sub": "template", "jti": str(uuid.uuid4())}
    token = jwt.encode({**claims, "exp": int(time.time()) + 300}, os.environ["KORE_CLIENT_SECRET"])
    answer = httpx.get(
        f"{KORE}/agentassist/api/v1/public/{APP_ID}/campaign/{campaign_id}",
        headers={"auth": token, "iid": APP_ID, "accountId": os.environ["KORE_ACCOUNT_ID"]},
        timeout=20,
    )
    found: dict[str, Any] = answer.json()["data"]
    return found


def summary(campaign: dict[str, Any]) -> dict[str, Any]:
    said = {"type": "mrkdwn", "text": f"*{campaign['name']}*\n{campaign['status']}"}
    title, delete = ({"type": "plain_text", "text": text} for text in ("Delete campaign", "Delete"))
    confirm = {"type": "modal", "callback_id": "campaign_delete.confirm", "title": title, "submit": delete}
    return {**confirm, "blocks": [{"type": "section", "text": said}]}


if __name__ == "__main__":
    app.start(port=int(os.environ["PORT"]), path="/slack/events")
