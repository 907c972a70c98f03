type Bytes = Uint8Array<ArrayBuffer>;

/** A file that the person chose; not every browser can remove one. */
interface ChosenFile {
  createWritable: () => Promise<WritableStream<Bytes>>;
  remove?: () => Promise<void>;
}

/** How a browser saves files. */
export interface Saving {
  /** Its dialog; undefined where it has none. */
  choose: ((options: object) => Promise<ChosenFile>) | undefined;
  /** Saves as its settings say. */
  download: (blob: Blob, name: string) => void;
}

/** What is saved. Nothing of it is asked for before the person has chosen a place. */
export interface SavedContent {
  /** Writes it into a stream, which it opens when there is something to write. */
  pipe: (open: () => Promise<WritableStream<Bytes>>) => Promise<void>;
  /** All of it at once. */
  whole: () => Promise<Blob>;
}

/** Content that is had at once, or not at all. */
export const inOne = (whole: () => Promise<Blob>): SavedContent => ({
  whole,
  pipe: async (open) => {
    const blob = await whole();
    await blob.stream().pipeTo(await open());
  },
});

/**
 * Saves something where the person chooses, or else as a download of the browser. Must be called from a click: the
 * dialog is opened at once, because browsers open none a few seconds later.
 * @throws AbortError where the person closes the dialog, and whatever the content throws
 */
export async function saveWhereChosen(
  name: string,
  content: SavedContent,
  { choose, download }: Saving,
): Promise<void> {
  if (!choose) {
    download(await content.whole(), name);
    return;
  }
  const file = await choose({ suggestedName: name });
  try {
    await content.pipe(() => file.createWritable());
  } catch (error) {
    // The dialog has made an empty file, or emptied the one that was there.
    await file.remove?.().catch(() => undefined);
    throw error;
  }
}
