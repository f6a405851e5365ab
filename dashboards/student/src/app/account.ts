export { accountQuery, forgetEverything, useAccount } from "@medai/client/react";
