import type { Role } from "@medai/client";

/** From least to most. */
export const ROLES = ["viewer", "support", "ops", "admin", "super_admin"] as const satisfies readonly Role[];

export const ROLE_NAMES: Record<Role, string> = {
  viewer: "Viewer",
  support: "Support",
  ops: "Operations",
  admin: "Admin",
  super_admin: "Super admin",
};

export const ROLE_HINTS: Record<Role, string> = {
  viewer: "Sees everything, changes nothing.",
  support: "Helps users: sees accounts, resets usage.",
  ops: "Runs the platform: jobs, features, maintenance.",
  admin: "Manages users, keys and notifications too.",
  super_admin: "Everything, also who is an admin.",
};

const rank = (role: Role | null | undefined) => (role ? ROLES.indexOf(role) : -1);

/** Whether an admin may change an account: nobody may change one of a higher role. */
export const withinReach = (mine: Role | null | undefined, theirs: Role | null | undefined): boolean =>
  rank(theirs) <= rank(mine);
