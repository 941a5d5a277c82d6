/** An answer as it goes over the wire. */
export interface Wire {
  status: number
  headers: Record<string, string>
  body: string | Buffer
}
