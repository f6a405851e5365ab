export { queryClient } from "@medai/client/react";
