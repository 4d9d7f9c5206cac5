/** What one provider is to be told of one sibling model: the least and the most that a client may send. */
import type { JsonObject } from "../../src/core/json.ts";

export interface Told {
  readonly kind: string;
  readonly model: string;
  /** In our own names. */
  readonly body: JsonObject;
  /** The end of the path, or a part of it. */
  readonly path: string;
  readonly json: object;
  /** The provider's name for a file -> our field; what the path of a link cannot show. */
  readonly files?: Readonly<Record<string, string>>;
}

export const PICTURE = "https://client.example/a.jpg";
export const OTHER = "https://client.example/b.jpg";
export const CLIP = "https://client.example/c.mp4";
export const SOUND = "https://client.example/d.wav";

export const link = (name: string): string =>
  `https://reelay.example/files/file_${name}/in?expires=1&signature=s`;
