export { useTries } from "@medai/client/react";
