import { useAccount } from "@medai/client/react";
import { Button } from "@medai/ui";
import { useTitle } from "../app/title.ts";
import { Frame } from "./frame.tsx";
import { signOut } from "./sign_out.ts";

/** For students who come in by this door. */
export function NoAccessPage() {
  useTitle("Not for this account");
  const { email, email_verified: verified } = useAccount();
  return (
    <Frame title="This part is for admins">
      <p className="text-muted">
        You are signed in as <strong className="text-ink">{email}</strong>, which is a student’s account. An
        admin’s address is put on a list by another admin
        {verified ? "." : ", and confirmed by e-mail, which yours is not yet."}
      </p>
      <div className="mt-6 flex flex-wrap gap-2">
        <Button look="primary" asChild>
          <a href="/">Go to the student app</a>
        </Button>
        <Button onClick={() => void signOut()}>Use another account</Button>
      </div>
    </Frame>
  );
}
