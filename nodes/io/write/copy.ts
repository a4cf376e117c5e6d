// Copying: the stored chunks of a part of an input go to the output as they are.
import { type EncodedPart, EngineError, ExrFile, type ExrWriter, type Services } from '../../../engine/authoring.ts';

/**
 * Copies the chunks of a part. The file is opened for it alone, since a shared one may be closed before the copy ends.
 * Throws `file-changed` where it is not the file that was described, and what `ExrWriter.copyPart` throws.
 */
export async function copyPart(
  services: Services,
  writer: ExrWriter,
  part: number,
  source: EncodedPart,
): Promise<void> {
  const described = services.share(`exr ${source.file}`, () => ExrFile.open(source.file)).identity;
  const file = ExrFile.open(source.file);
  try {
    if (file.identity.size !== described.size || file.identity.mtimeNs !== described.mtimeNs) {
      throw new EngineError('io', 'file-changed', `${source.file} changed after it was described. Render it again.`, {
        file: source.file,
        part: source.part,
      });
    }
    await writer.copyPart(part, file, source.part);
  } finally {
    file.close();
  }
}
