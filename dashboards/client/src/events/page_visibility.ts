/** Nobody looks at a hidden page; after this long its stream is closed. */
const HIDDEN = 30_000;

/** Says when the page is looked at again, and when nobody has looked at it for a while. Returns how to stop. */
export function watchVisibility(shown: () => void, hidden: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const onChange = () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(hidden, HIDDEN);
    else shown();
  };
  document.addEventListener("visibilitychange", onChange);
  return () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", onChange);
  };
}
