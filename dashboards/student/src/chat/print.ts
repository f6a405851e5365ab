/** Prints one part of the page and nothing else; `print.css` hides the rest. */
export function printOnly(part: HTMLElement): void {
  const root = document.documentElement;
  part.dataset.printing = "";
  root.dataset.print = "part";
  const over = () => {
    delete part.dataset.printing;
    delete root.dataset.print;
  };
  window.addEventListener("afterprint", over, { once: true });
  window.print();
}
