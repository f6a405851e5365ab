import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Confirm, IconButton, Menu, say } from "@medai/ui";
import { Ellipsis, FolderPlus, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { FOLDER, focusAfter, NEW_FOLDER } from "../app/focus.ts";
import { Disclosure } from "./disclosure.tsx";
import { createFolder, deleteFolder, type Folder, problemOf, renameFolder, useFolders } from "./folders.ts";
import { InlineName } from "./inline_name.tsx";

const LONGEST = 60;

/** The folders, each with its conversations, and the way to make another. */
export function FolderList() {
  const folders = useFolders();
  const [making, setMaking] = useState(false);
  const make = async (name: string) => {
    try {
      focusAfter("folderChanged", (await createFolder(name)).id);
    } catch (error) {
      say(problemOf(error));
    }
  };
  if (!folders) return null;
  return (
    <section aria-label={t`Folders`}>
      <div className="flex items-center justify-between pt-2 ps-2">
        <h2 className="font-medium font-sans text-faint text-xs tracking-normal">
          <Trans>Folders</Trans>
        </h2>
        <IconButton
          label={t`New folder`}
          tip={false}
          size="sm"
          className="size-7! pointer-coarse:size-10!"
          icon={<FolderPlus size={15} />}
          data-focus={NEW_FOLDER}
          onClick={() => setMaking(true)}
        />
      </div>
      {making && (
        <InlineName
          name=""
          label={t`Name of the new folder`}
          maxLength={LONGEST}
          onDone={(name, byKey) => {
            setMaking(false);
            if (name) void make(name);
            else if (byKey) focusAfter("folderDeleted");
          }}
        />
      )}
      <ul>
        {folders.map((folder) => (
          <Row key={folder.id} folder={folder} />
        ))}
      </ul>
    </section>
  );
}

function Row({ folder }: { folder: Folder }) {
  const [editing, setEditing] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const { id, name } = folder;
  if (editing)
    return (
      <li>
        <InlineName
          name={name}
          label={t`Name of the folder`}
          maxLength={LONGEST}
          onDone={(next, byKey) => {
            setEditing(false);
            if (byKey) focusAfter("folderChanged", id);
            if (next && next !== name) void renameFolder(id, next);
          }}
        />
      </li>
    );
  return (
    <li>
      <Disclosure
        name={name}
        part={{ folder: id }}
        focus={FOLDER(id)}
        nothing={t`Nothing in it yet.`}
        aside={
          <Menu
            label={t`What to do with the folder ${name}`}
            trigger={
              <IconButton
                label={t`More for the folder ${name}`}
                tip={false}
                size="sm"
                className="size-7! pointer-coarse:size-10!"
                icon={<Ellipsis size={16} />}
              />
            }
            items={[
              {
                label: t`Rename`,
                icon: <Pencil size={15} />,
                onSelect: () => setTimeout(() => setEditing(true)),
              },
              {
                label: t`Delete folder`,
                icon: <Trash2 size={15} />,
                onSelect: () => setTimeout(() => setLeaving(true)),
              },
            ]}
          />
        }
      />
      <Confirm
        open={leaving}
        harmless
        title={t`Delete the folder “${name}”?`}
        description={t`The conversations in it stay.`}
        action={t`Delete folder`}
        onClose={() => setLeaving(false)}
        onConfirm={() => {
          setLeaving(false);
          void deleteFolder(folder);
          focusAfter("folderDeleted");
        }}
      />
    </li>
  );
}
