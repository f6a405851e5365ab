import { TextField } from "@medai/ui";
import { useEffect, useRef, useState } from "react";

/** A field that narrows a list while one types. Going back in the browser takes its words back. */
export function SearchBox({
  label,
  value,
  placeholder,
  bare,
  list,
  type = "search",
  onSearch,
}: {
  label: string;
  value: string | undefined;
  placeholder?: string;
  bare?: boolean;
  /** The id of a list of suggestions. */
  list?: string;
  type?: "search" | "email";
  onSearch: (words: string | undefined) => void;
}) {
  const [text, setText] = useState(value ?? "");
  const sent = useRef(value ?? "");
  const latest = useRef(onSearch);
  latest.current = onSearch;
  useEffect(() => {
    if ((value ?? "") === sent.current) return;
    sent.current = value ?? "";
    setText(sent.current);
  }, [value]);
  useEffect(() => {
    const wanted = text.trim();
    if (wanted === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = wanted;
      latest.current(wanted || undefined);
    }, 300);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <TextField
      label={label}
      type={type}
      value={text}
      placeholder={placeholder}
      maxLength={200}
      autoComplete="off"
      spellCheck={false}
      {...(bare ? { bare } : {})}
      {...(list ? { list } : {})}
      onChange={(event) => setText(event.target.value)}
    />
  );
}
