/** Text of the API, in which names stand between backticks. */
export function Ticked({ text }: { text: string }) {
  let at = 0;
  return text.split("`").map((part, index) => {
    at += part.length + 1;
    return index % 2 === 0 ? (
      part
    ) : (
      <code key={at} className="rounded-sm bg-ink/8 px-1 font-mono text-[0.875em]">
        {part}
      </code>
    );
  });
}
