/** What providers are called and what their keys need, as the API's document describes them. */
import { DESCRIBED } from "./providers.gen.ts";
import type { components } from "./schema.gen.ts";

export type Provider = components["schemas"]["Provider"];

export interface Described {
  name: Provider;
  label: string;
  /** People may add keys of it. */
  by_hand: boolean;
  needs_key: boolean;
  /** It runs on a machine of whoever uses it. */
  self_hosted: boolean;
  /** Other services speak its protocol. */
  spoken_by_others: boolean;
}

/** All of them, in the order in which they are preferred. */
export const PROVIDERS: readonly Described[] = DESCRIBED;

/** Those that people add keys of. */
export const CHOICES = PROVIDERS.filter((provider) => provider.by_hand);

export const described = (name: string): Described | undefined =>
  PROVIDERS.find((provider) => provider.name === name);

/** What people call one. What is not known here is shown as it is stored. */
export const providerName = (name: string): string => described(name)?.label ?? name;
