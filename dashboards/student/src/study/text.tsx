/** Text of cards: Markdown, with formulas. Its chunk is the one that answers have. */
import { chunk } from "@medai/client/chunks";
import { Loads } from "@medai/ui";

const Markdown = chunk(async () => ({ default: (await import("@medai/ui/markdown")).Markdown }));
void Markdown.preload();

export function CardText({ text }: { text: string }) {
  const plain = (
    <p dir="auto" className="prose whitespace-pre-wrap">
      {text}
    </p>
  );
  return (
    <Loads fallback={plain} failed={() => plain}>
      <Markdown text={text} />
    </Loads>
  );
}
