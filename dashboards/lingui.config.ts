import { formatter } from "@lingui/format-po";

/** Where the messages of the student app are, and the catalogues of the languages that English is translated to. */
export default {
  sourceLocale: "en",
  locales: ["de", "ar"],
  catalogs: [
    {
      path: "<rootDir>/student/src/languages/{locale}",
      include: ["<rootDir>/student/src", "<rootDir>/ui/src"],
      exclude: ["**/*.test.ts"],
    },
  ],
  format: formatter({ lineNumbers: false }),
  orderBy: "message" as const,
};
