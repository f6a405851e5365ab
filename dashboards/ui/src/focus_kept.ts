/**
 * No action drops the focus. Where what had it goes away, such as a notice with the button that ends it, and nothing
 * else takes it, it goes to the nearest part of the page that is still there: the next Tab goes on from that place, and
 * a key that is pressed once more does nothing. Apps that know better say so themselves, before or after.
 */

/** What can be gone back to: parts that have a name, or are a place by themselves. */
const PLACES = "[role=dialog], [role=alertdialog], section, form, article, nav, aside, li, main";

/** So many frames are left to menus and dialogs that give the focus back, and to those who know where it goes. */
const FRAMES = 4;

const isLost = (): boolean => document.activeElement === null || document.activeElement === document.body;

/** What had the focus, and all that it was in, the nearest first. */
let way: Element[] = [];

export function keepFocus(): void {
  document.addEventListener("focusin", ({ target }) => {
    way = [];
    for (let at = target instanceof Element ? target : null; at; at = at.parentElement) way.push(at);
  });
  document.addEventListener("focusout", () => {
    const left = way;
    // A click beside everything gives it up; browsers also say so of what is taken away, and a moment too early.
    setTimeout(() => {
      if (left === way && left[0]?.isConnected && isLost()) way = [];
    });
  });
  new MutationObserver(() => {
    if (way.length === 0 || way[0]?.isConnected || !isLost()) return;
    const gone = way;
    way = [];
    inFrames(FRAMES, () => {
      if (isLost()) focusPlace(placeOf(gone));
    });
  }).observe(document.body, { childList: true, subtree: true });
}

function inFrames(count: number, run: () => void): void {
  requestAnimationFrame(() => (count > 1 ? inFrames(count - 1, run) : run()));
}

/** The nearest that is left; in front of the page, what lies there. */
function placeOf(gone: readonly Element[]): HTMLElement | undefined {
  const dialog = [...document.querySelectorAll("[role=dialog], [role=alertdialog]")].at(-1);
  const left = gone.find((element) => element.isConnected && element.matches(PLACES));
  const place =
    dialog && !(left && dialog.contains(left)) ? dialog : (left ?? document.querySelector("main"));
  return place instanceof HTMLElement ? place : undefined;
}

function focusPlace(place: HTMLElement | undefined): void {
  if (!place) return;
  if (!place.hasAttribute("tabindex")) {
    place.tabIndex = -1;
    // Else a click on its text would take the focus to it.
    place.addEventListener("blur", () => place.removeAttribute("tabindex"), { once: true });
  }
  place.focus({ preventScroll: true });
}
