/**
 * A type as its values look on the wire: an enum is one of its texts, and what may be left out may be null as well.
 * Slack's own packages describe answers with enums, which no JSON has.
 */
export type Wire<T> = T extends string
  ? `${T}`
  : T extends readonly (infer Item)[]
    ? Wire<Item>[]
    : T extends object
      ? { [Key in keyof T]: Wire<T[Key]> | (undefined extends T[Key] ? null : never) }
      : T;
