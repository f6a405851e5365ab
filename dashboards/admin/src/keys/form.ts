import type { KeyChange, KeyView, NewKey, Price } from "./keys.ts";

/** What the form of a key holds, as it is typed. */
export interface KeyForm {
  provider: NewKey["provider"];
  feature: string;
  key: string;
  priority: string;
  model: string;
  base_url: string;
  name: string;
  note: string;
  quota_group: string;
  rpm: string;
  rpd: string;
  tpm: string;
  prompt: string;
  completion: string;
  skip_test: boolean;
}

export const BLANK: KeyForm = {
  provider: "gemini",
  feature: "*",
  key: "",
  priority: "0",
  model: "",
  base_url: "",
  name: "",
  note: "",
  quota_group: "",
  rpm: "",
  rpd: "",
  tpm: "",
  prompt: "",
  completion: "",
  skip_test: false,
};

export function formOf(key: KeyView): KeyForm {
  const { limits, price_per_million: price } = key;
  const text = (value: number | null | undefined) => (value == null ? "" : String(value));
  return {
    provider: key.provider,
    feature: key.feature,
    key: "",
    priority: String(key.priority),
    model: key.model ?? "",
    base_url: key.base_url ?? "",
    name: key.name ?? "",
    note: key.note ?? "",
    quota_group: key.quota_group ?? "",
    rpm: text(limits.rpm),
    rpd: text(limits.rpd),
    tpm: text(limits.tpm),
    prompt: text(price?.prompt),
    completion: text(price?.completion),
    skip_test: false,
  };
}

/** What is wrong with it, by its fields; the API finds the rest. */
export function problemsOf(form: KeyForm): Partial<Record<keyof KeyForm, string>> {
  const found: Partial<Record<keyof KeyForm, string>> = {};
  const priority = Number(form.priority);
  if (form.priority.trim() === "" || !Number.isInteger(priority) || Math.abs(priority) > 1000)
    found.priority = "must be a whole number from -1000 to 1000";
  for (const field of ["rpm", "rpd", "tpm"] as const)
    if (form[field].trim() !== "" && !(Number.isInteger(Number(form[field])) && Number(form[field]) > 0))
      found[field] = "must be a whole number above 0";
  for (const field of ["prompt", "completion"] as const)
    if (form[field].trim() !== "" && !(Number(form[field]) >= 0)) found[field] = "must be a number";
  const [prompt, completion] = [form.prompt.trim(), form.completion.trim()];
  if ((prompt === "") !== (completion === ""))
    found[prompt === "" ? "prompt" : "completion"] = "is needed too, for there to be a price";
  return found;
}

/** A new key as the API takes it. What is empty is not sent. */
export function bodyOf(form: KeyForm): NewKey {
  const body: NewKey = {
    provider: form.provider,
    feature: form.feature,
    priority: Number(form.priority),
  };
  if (form.key.trim()) body.key = form.key.trim();
  for (const field of ["name", "note", "model", "base_url", "quota_group"] as const)
    if (form[field].trim()) body[field] = form[field].trim();
  const limits = limitsOf(form);
  if (Object.values(limits).some((limit) => limit !== null)) body.limits = limits;
  const price = priceOf(form);
  if (price) body.price_per_million = price;
  if (form.skip_test) body.skip_test = true;
  return body;
}

/** What to change of a key: only what is other than it was. */
export function changesOf(key: KeyView, form: KeyForm): KeyChange {
  const before = formOf(key);
  const change: KeyChange = {};
  if (form.feature !== before.feature) change.feature = form.feature;
  if (Number(form.priority) !== key.priority) change.priority = Number(form.priority);
  for (const field of ["name", "note", "model", "base_url", "quota_group"] as const)
    if (form[field].trim() !== before[field]) change[field] = form[field].trim() || null;
  const isOther = (...fields: (keyof KeyForm)[]) => fields.some((field) => form[field] !== before[field]);
  if (isOther("rpm", "rpd", "tpm")) change.limits = limitsOf(form);
  if (isOther("prompt", "completion")) change.price_per_million = priceOf(form);
  return change;
}

const figure = (text: string): number | null => (text.trim() === "" ? null : Number(text));

const limitsOf = ({ rpm, rpd, tpm }: KeyForm) => ({ rpm: figure(rpm), rpd: figure(rpd), tpm: figure(tpm) });

function priceOf(form: KeyForm): Price | null {
  const [prompt, completion] = [figure(form.prompt), figure(form.completion)];
  return prompt === null || completion === null ? null : { prompt, completion };
}
