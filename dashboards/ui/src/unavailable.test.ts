import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test, vi } from "vitest";
import { Button, IconButton } from "./button.tsx";
import { Switch } from "./switch.tsx";
import { unavailable } from "./unavailable.ts";

/** As an attribute, and not as the name of a class. */
const said = `aria-disabled="`;
const switched = { label: "Use it", checked: true, onChange: () => undefined };

test.each([
  ["a button", createElement(Button, { disabled: true }, "Save")],
  ["a button that is busy", createElement(Button, { busy: true }, "Save")],
  ["an icon", createElement(IconButton, { label: "Next", icon: "›", disabled: true, tip: false })],
  ["a switch", createElement(Switch, { ...switched, disabled: true })],
])("%s that cannot be pressed keeps the focus, and says so", (_, element) => {
  const html = renderToStaticMarkup(element);
  expect(html).toContain('aria-disabled="true"');
  expect(html).not.toMatch(/\sdisabled=""/);
});

test("what can be pressed says nothing of it", () => {
  expect(renderToStaticMarkup(createElement(Button, { disabled: false }, "Save"))).not.toContain(said);
  expect(renderToStaticMarkup(createElement(Switch, switched))).not.toContain(said);
});

test("a press does nothing, and sends no form", () => {
  const onClick = vi.fn();
  const event = { preventDefault: vi.fn(), stopPropagation: vi.fn() };
  const off = unavailable(true, { onClick }) as { onClick: (event: unknown) => void };
  off.onClick(event);
  expect(onClick).not.toHaveBeenCalled();
  expect(event.preventDefault).toHaveBeenCalled();
  expect(unavailable(false, { onClick })).toMatchObject({ onClick });
});
