import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { type ComponentProps, createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test, vi } from "vitest";
import { SignInForm } from "./auth_form.tsx";

function shown(props: Partial<ComponentProps<typeof SignInForm>> = {}): string {
  const tried = { problem: undefined, busy: false, wait: 0, onSubmit: vi.fn() };
  const form = createElement(SignInForm, { ...tried, ...props });
  return renderToStaticMarkup(createElement(I18nProvider, { i18n }, form));
}

test("what is asked for is what password managers know", () => {
  const form = shown({ focusName: "first field" });
  expect(form).toMatch(/<input[^>]*data-focus="first field"[^>]*>/);
  expect(form).toMatch(/<input[^>]*(?=[^>]*name="email")(?=[^>]*autoComplete="email")/i);
  expect(form).toMatch(/<input[^>]*(?=[^>]*type="password")(?=[^>]*autoComplete="current-password")/i);
});

test("that a session has ended is said until something else is wrong", () => {
  expect(shown()).not.toContain("session has ended");
  expect(shown({ ended: true })).toContain("Your session has ended. Please sign in again.");
  const refused = shown({ ended: true, problem: "The password is wrong." });
  expect(refused).toContain("The password is wrong.");
  expect(refused).not.toContain("session has ended");
  expect(refused).not.toContain("You can try again in");
});

test("where the API asks for patience, the button waits and says how long", () => {
  const waiting = shown({ problem: "Too many tries.", wait: 65 });
  expect(waiting).toContain("You can try again in 1:05.");
  expect(waiting).toMatch(/<button[^>]*aria-disabled="true"[^>]*>Sign in<\/button>/);
  expect(shown()).not.toMatch(/<button[^>]* aria-disabled=/);
});
