import type { Problem } from "@medai/client";
import { Button, Panel } from "@medai/ui";
import { useMutation } from "@tanstack/react-query";
import { Eye, EyeOff } from "lucide-react";
import { Refused } from "../parts/refused.tsx";
import { argumentsOf } from "./jobs.ts";

/** What a job works on: shown only to who asks for it, and then it is written down who that was. */
export function Arguments({ id }: { id: string }) {
  const asked = useMutation<unknown, Problem>({ mutationFn: () => argumentsOf(id), gcTime: 0 });
  return (
    <Panel
      title="Arguments"
      aside={
        asked.isSuccess && (
          <Button
            size="sm"
            look="quiet"
            icon={<EyeOff size={15} aria-hidden />}
            onClick={() => asked.reset()}
          >
            Hide
          </Button>
        )
      }
    >
      {asked.isSuccess ? (
        <pre className="overflow-x-auto whitespace-pre-wrap break-words rounded-md bg-sunken px-3 py-2 font-mono text-[0.8125rem]">
          {JSON.stringify(asked.data, null, 2)}
        </pre>
      ) : (
        <>
          <p className="text-muted text-sm">
            They are ids that lead to what a student wrote. Who looks at them is written to the audit log.
          </p>
          {asked.error && (
            <div className="mt-3">
              <Refused error={asked.error} />
            </div>
          )}
          <Button
            className="mt-3"
            size="sm"
            busy={asked.isPending}
            icon={<Eye size={15} aria-hidden />}
            onClick={() => asked.mutate()}
          >
            Show them, on the record
          </Button>
        </>
      )}
    </Panel>
  );
}
