/** A plain sign for Bitbucket: a bucket of our own drawing. */
export function BitbucketMark({ size = 40 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 40 40" aria-hidden="true" style={{ flexShrink: 0 }}>
      <rect width="40" height="40" rx="9" fill="#1d5fb8" />
      <path d="M9 11h22l-3.4 19H12.4z" fill="none" stroke="#fff" strokeWidth="2.6" strokeLinejoin="round" />
      <path d="M15.5 17.5h9l-1.3 7h-6.4z" fill="#fff" />
    </svg>
  )
}
