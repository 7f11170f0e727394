// An app on Slack's own framework for JavaScript, for the sandbox to serve: command, modal, field error, suggestions,
// message with a button, update, ephemeral, home. It prints one line when it is connected.
import bolt from "@slack/bolt";

const { App, LogLevel } = bolt;
const app = new App({
  token: process.env.SLACK_BOT_TOKEN,
  appToken: process.env.SLACK_APP_TOKEN,
  socketMode: true,
  logLevel: LogLevel.ERROR,
  clientOptions: { slackApiUrl: process.env.SLACK_API_URL },
});

const plain = (text) => ({ type: "plain_text", text });
const form = {
  type: "modal",
  callback_id: "order",
  private_metadata: "kept",
  title: plain("Order"),
  submit: plain("Send"),
  blocks: [
    {
      type: "input",
      block_id: "what",
      label: plain("What?"),
      element: { type: "plain_text_input", action_id: "text" },
    },
    {
      type: "input",
      block_id: "size",
      label: plain("Size?"),
      element: { type: "external_select", action_id: "sizes", min_query_length: 0 },
    },
  ],
};

app.command("/campaign-delete", async ({ ack, body, client }) => {
  await ack();
  await client.views.open({ trigger_id: body.trigger_id, view: { ...form, private_metadata: body.channel_id } });
});

app.options("sizes", async ({ ack, payload }) => {
  const names = ["small", "large"].filter((name) => name.includes(payload.value));
  await ack({ options: names.map((name) => ({ text: plain(name), value: name })) });
});

app.view("order", async ({ ack, body, view, client }) => {
  const what = view.state.values.what.text.value;
  if (what === "nothing") return ack({ response_action: "errors", errors: { what: "Something, please" } });
  await ack();
  const size = view.state.values.size.sizes.selected_option.value;
  await client.chat.postMessage({
    channel: view.private_metadata,
    text: `${what}, ${size}`,
    blocks: [
      { type: "section", text: { type: "mrkdwn", text: `*${what}*, ${size}, for <@${body.user.id}>` } },
      {
        type: "actions",
        block_id: "done",
        elements: [{ type: "button", action_id: "done", text: plain("Done"), value: what }],
      },
    ],
  });
});

app.action("done", async ({ ack, action, body, client, respond }) => {
  await ack();
  const { channel, message, user } = body;
  await client.chat.update({ channel: channel.id, ts: message.ts, text: `${action.value} is done`, blocks: [] });
  await client.chat.postEphemeral({ channel: channel.id, user: user.id, text: "Thank you" });
  await respond({ text: "Only you read this", replace_original: false, response_type: "ephemeral" });
});

app.event("app_home_opened", async ({ event, client }) => {
  const view = { type: "home", blocks: [{ type: "section", text: plain(`Hello ${event.tab}`) }] };
  await client.views.publish({ user_id: event.user, view });
});

await app.start();
console.log("connected");
