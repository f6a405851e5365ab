import type { Role } from "@medai/client";

/** Who may do what: the API's table (`api/src/permissions.rs`), so that what would be refused is not offered. */
const TABLE = {
  ViewUsers: ["super_admin", "admin", "ops", "support", "viewer"],
  SupportUsers: ["super_admin", "admin", "support"],
  ManageUsers: ["super_admin", "admin"],
  ViewKeys: ["super_admin", "admin", "ops", "viewer"],
  CheckKeys: ["super_admin", "admin", "ops"],
  ViewJobs: ["super_admin", "admin", "ops", "viewer"],
  ManageJobs: ["super_admin", "admin", "ops"],
  ViewLive: ["super_admin", "admin", "ops", "viewer"],
  ViewAnalytics: ["super_admin", "admin", "ops", "viewer"],
  ManageKeys: ["super_admin", "admin"],
  ViewFeatures: ["super_admin", "admin", "ops", "support", "viewer"],
  ManageFeatures: ["super_admin", "admin", "ops"],
  ViewFeedback: ["super_admin", "admin", "ops", "support"],
  ManageFeedback: ["super_admin", "admin", "support"],
  ViewMaintenance: ["super_admin", "admin", "ops", "support", "viewer"],
  ManageMaintenance: ["super_admin", "admin", "ops"],
  ViewAudit: ["super_admin", "admin", "ops", "viewer"],
  ExportAudit: ["super_admin", "admin"],
  KeepFilters: ["super_admin", "admin", "ops", "support", "viewer"],
  ManageAdmins: ["super_admin"],
  ViewNotifications: ["super_admin", "admin", "ops", "viewer"],
  ManageNotifications: ["super_admin", "admin"],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof TABLE;

export function may(role: Role | null | undefined, permission: Permission): boolean {
  const roles: readonly Role[] = TABLE[permission];
  return role != null && roles.includes(role);
}
