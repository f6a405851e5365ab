import { t } from "@lingui/core/macro";
import { api, type components, Problem, unwrap } from "@medai/client";
import { queryClient } from "@medai/client/react";
import { say } from "@medai/ui";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { told, toldFields } from "../app/api_message.ts";
import { refetchSessions } from "./sessions.ts";

export type Folder = components["schemas"]["FolderView"];

const foldersQuery = queryOptions({
  queryKey: ["folders"],
  staleTime: 60_000,
  queryFn: async () => (await unwrap(api.GET("/api/chat/folders"))).items,
});

export const useFolders = (): Folder[] | undefined => useQuery(foldersQuery).data;

const refetchFolders = () => queryClient.invalidateQueries({ queryKey: foldersQuery.queryKey });

/** What the API has against a name of a folder. */
export const problemOf = (error: unknown): string => {
  const problem = Problem.wrap(error);
  const { name } = toldFields(problem);
  return name ? t`The name ${name}.` : told(problem);
};

export async function createFolder(name: string): Promise<Folder> {
  const folder = await unwrap(api.POST("/api/chat/folders", { body: { name } }));
  await refetchFolders();
  return folder;
}

export async function renameFolder(id: string, name: string): Promise<void> {
  queryClient.setQueryData(foldersQuery.queryKey, (folders) =>
    folders?.map((folder) => (folder.id === id ? { ...folder, name } : folder)),
  );
  try {
    await unwrap(api.PATCH("/api/chat/folders/{id}", { params: { path: { id } }, body: { name } }));
  } catch (error) {
    say(problemOf(error));
  }
  await refetchFolders();
}

/** Deletes a folder. What is in it stays. */
export async function deleteFolder({ id, name }: Folder): Promise<void> {
  try {
    await unwrap(api.DELETE("/api/chat/folders/{id}", { params: { path: { id } } }));
    say(t`Deleted the folder “${name}”`);
  } catch (error) {
    say(told(error));
  }
  await Promise.all([refetchFolders(), refetchSessions()]);
}
