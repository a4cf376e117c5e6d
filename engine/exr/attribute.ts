// Attributes of a header as the file has them: a name, a type name and bytes.

/** One header attribute. The bytes are the truth; typed values are decoded from them when asked for. */
export interface Attribute {
  readonly name: string;
  /** OpenEXR's type name, such as `string` or `v2f`; unknown names are kept. */
  readonly type: string;
  readonly bytes: Uint8Array;
}
