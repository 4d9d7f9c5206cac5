/** `POST /v1/videos`: a video from words, or from words and a picture. */
import type { JsonObject } from "../../../core/json.ts";
import type { CatalogModel } from "../../../core/model.ts";
import type { UploadView } from "../../../tasks/gateway.ts";
import type { DialectSettings } from "../../dialect.ts";
import { type Body, readBody } from "./body.ts";
import { invalidField } from "./errors.ts";
import { type Asked, type Making, readCallback, refuseStart, served } from "./make.ts";
import { chooseModel } from "./models.ts";
import { toOrder } from "./order.ts";
import { type Given, isDataUrl, REFERENCE, type Reference, readReference, shapeOf } from "./reference.ts";

export async function askCreate(making: Making, settings: DialectSettings): Promise<Asked> {
  const { request, gateway, key, uploads } = making;
  const { catalog } = gateway;

  /** Everything that can be said before any bytes are kept. */
  const check = (body: Body, hasFile: boolean): CatalogModel => {
    const reference = referenceOf(body.fields, hasFile);
    const model = chooseModel({ catalog, settings }, body.fields.model, reference && "picture");
    if (reference) refuseStart(model, "picture", { field: REFERENCE, models: served(making) });
    readCallback(body.fields);
    toOrder(model, body, reference && pictureAt("", null));
    return model;
  };

  const { upload, ...body } = await readBody(request, { gateway, key, fileField: REFERENCE, check });
  if (upload) uploads.push(upload);
  const model = check(body, upload !== null);
  const given = await picture(making, body.fields, upload);
  return {
    ...{ model, given, order: toOrder(model, body, given), callbackUrl: readCallback(body.fields) },
    fingerprint: { asked: body.fields, file: upload?.file.sha256 ?? null },
  };
}

const pictureAt = (url: string, shape: Given["shape"]): Given => ({
  field: REFERENCE,
  start: "picture",
  url,
  shape,
});

function referenceOf(fields: JsonObject, hasFile: boolean): Reference | null {
  if (!hasFile) return readReference(fields[REFERENCE]);
  if (fields[REFERENCE] === undefined) return { file: true };
  throw invalidField(REFERENCE, `"${REFERENCE}" came twice: as a file, and as a field. Send one of them.`);
}

async function picture(
  { gateway, key, uploads }: Making,
  fields: JsonObject,
  upload: UploadView | null,
): Promise<Given | null> {
  if (upload) return pictureAt(upload.url, shapeOf(upload));
  const reference = readReference(fields[REFERENCE]);
  if (reference === null || "file" in reference) return null;
  if ("url" in reference && !isDataUrl(reference.url)) return pictureAt(reference.url, null);
  if ("fileId" in reference) {
    const kept = await gateway.readUpload(key, reference.fileId);
    return pictureAt(kept.url, shapeOf(kept));
  }
  const kept = await gateway.uploadInline({ key, name: REFERENCE, text: reference.url });
  uploads.push(kept);
  return pictureAt(kept.url, shapeOf(kept));
}
