import { Button } from "@medai/ui";
import { Choice } from "../app/choice.tsx";
import { Copy } from "../parts/copy.tsx";
import { SOURCES, type Source } from "./steps.ts";

/** Where the first key is to come from: what it costs, and where one gets it. */
export function ChooseStep({
  source,
  onSource,
  onDone,
}: {
  source: Source;
  onSource: (source: Source) => void;
  onDone: () => void;
}) {
  return (
    <div className="flex flex-col gap-3">
      <Choice
        legend="Provider"
        bare
        className="md:grid-cols-2"
        options={SOURCES.map(({ id, label, costs }) => ({ value: id, label, hint: costs }))}
        value={source.id}
        onChange={(id) => onSource(SOURCES.find((each) => each.id === id) ?? source)}
      />
      <Where source={source} />
      <div>
        <Button look="primary" onClick={onDone}>
          {source.provider === "ollama" ? "It runs" : "I have a key"}
        </Button>
      </div>
    </div>
  );
}

/** The address as text, since this page leads to no other host. */
export function Where({ source }: { source: Source }) {
  return (
    <p className="text-muted text-sm">
      {source.provider === "ollama" ? "Get the program at" : `Get a key of ${source.label} at`}{" "}
      <Copy text={source.where} label="the address" />
      {source.provider === "ollama" && (
        <>
          , then run <Copy text="ollama pull llama3.2" label="the command" />
        </>
      )}
    </p>
  );
}
