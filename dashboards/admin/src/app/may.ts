import { useAccount } from "@medai/client/react";
import { may, type Permission } from "./permissions.ts";

/** Whether who is signed in may do something. */
export function useMay(): (permission: Permission) => boolean {
  const { role } = useAccount();
  return (permission) => may(role, permission);
}
