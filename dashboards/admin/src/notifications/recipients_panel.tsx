import { useTries } from "@medai/client/react";
import { Button, Notice, Panel, say, TextArea } from "@medai/ui";
import { useState } from "react";
import { Choice } from "../app/choice.tsx";
import { useMay } from "../app/may.ts";
import { Refused } from "../parts/refused.tsx";
import { change, type Settings } from "./notifications.ts";
import { isEmail, isPhone, listed, plainPhone, wrongIn } from "./recipients.ts";

const MAX_EMAILS = 50;
const MAX_PHONES = 20;

/** Who gets e-mail. */
export function Emails({ settings }: { settings: Settings }) {
  const manages = useMay()("ManageNotifications");
  const before = settings.emails ?? null;
  return (
    <Panel title="E-mail">
      {!settings.channels.email.configured && (
        <NotSetUp>E-mail is not set up on the server, so none is sent.</NotSetUp>
      )}
      {manages ? (
        <EmailForm key={before?.join()} before={before} />
      ) : (
        <Shown list={before} nobody="All admins get e-mail." />
      )}
    </Panel>
  );
}

function EmailForm({ before }: { before: string[] | null }) {
  const [who, setWho] = useState<"admins" | "these">(before ? "these" : "admins");
  const [text, setText] = useState(before?.join("\n") ?? "");
  const [shown, setShown] = useState(false);
  const { problem, busy, attempt } = useTries();
  const list = listed(text);
  const wrong =
    who === "these" ? (list.length === 0 ? "is empty" : wrongIn(list, isEmail, MAX_EMAILS)) : undefined;
  const same = who === "admins" ? before === null : before !== null && before.join() === list.join();
  return (
    <form
      noValidate
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        setShown(true);
        if (wrong) return;
        void attempt(async () => {
          await change({ emails: who === "admins" ? null : list });
          say("Saved.");
        });
      }}
    >
      <Choice
        legend="Who gets e-mail"
        bare
        value={who}
        onChange={setWho}
        options={[
          { value: "admins", label: "All admins" },
          { value: "these", label: "These addresses", hint: "What is urgent goes to all admins besides." },
        ]}
      />
      {who === "these" && (
        <TextArea
          label="Addresses"
          value={text}
          rows={3}
          hint="One a line."
          problem={shown ? wrong : undefined}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      {problem && <Refused error={problem} />}
      <div>
        <Button type="submit" busy={busy} disabled={same}>
          Save
        </Button>
      </div>
    </form>
  );
}

/** Who gets text messages. */
export function Phones({ settings }: { settings: Settings }) {
  const manages = useMay()("ManageNotifications");
  return (
    <Panel title="SMS" aside="for what is urgent">
      {!settings.channels.sms.configured && (
        <NotSetUp>Text messages are not set up on the server, so none is sent.</NotSetUp>
      )}
      {manages ? (
        <PhoneForm key={settings.phones.join()} before={settings.phones} />
      ) : (
        <Shown list={settings.phones} nobody="Nobody gets text messages." />
      )}
    </Panel>
  );
}

function PhoneForm({ before }: { before: string[] }) {
  const [text, setText] = useState(before.join("\n"));
  const [shown, setShown] = useState(false);
  const { problem, busy, attempt } = useTries();
  const list = listed(text).map(plainPhone);
  const wrong = wrongIn(list, isPhone, MAX_PHONES);
  return (
    <form
      noValidate
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        setShown(true);
        if (wrong) return;
        void attempt(async () => {
          await change({ phones: list });
          say("Saved.");
        });
      }}
    >
      <TextArea
        label="Numbers"
        value={text}
        rows={3}
        hint="One a line, such as +49 151 12345678."
        problem={shown ? wrong : undefined}
        onChange={(event) => setText(event.target.value)}
      />
      {problem && <Refused error={problem} />}
      <div>
        <Button type="submit" busy={busy} disabled={before.join() === list.join()}>
          Save
        </Button>
      </div>
    </form>
  );
}

function NotSetUp({ children }: { children: string }) {
  return (
    <div className="mb-3">
      <Notice tone="warn">{children}</Notice>
    </div>
  );
}

function Shown({ list, nobody }: { list: string[] | null; nobody: string }) {
  if (!list || list.length === 0) return <p className="text-muted">{nobody}</p>;
  return (
    <ul aria-label="Recipients" className="flex flex-col gap-1">
      {list.map((each) => (
        <li key={each} className="[overflow-wrap:anywhere]">
          {each}
        </li>
      ))}
    </ul>
  );
}
