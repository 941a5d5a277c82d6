/** Who causes a change: written into history and audit. `name` is what people read there. */
export type Actor =
  | { readonly kind: 'member'; readonly memberId: string; readonly name: string; readonly tokenId: string | null }
  | { readonly kind: 'scan'; readonly importId: string; readonly name: string }
  | { readonly kind: 'remote'; readonly accountUuid: string | null; readonly name: string }
  | { readonly kind: 'system'; readonly name: string }
