/** Stroke icons on a 20 × 20 grid, drawn for Weir; each value is the `d` of one path. */
const shapes = {
  overview: 'M3 10.5 10 4l7 6.5M5 9v7h3.5v-4h3v4H15V9',
  vulnerabilities: 'M10 2.5 4 5v4.5c0 3.7 2.5 6.7 6 8 3.5-1.3 6-4.3 6-8V5zM10 7v3.5M10 13.2v.1',
  inbox: 'M3 11.5h3.5L8 14h4l1.5-2.5H17M3 11.5 5.2 4.5h9.6l2.2 7V16H3z',
  analytics: 'M3.5 3.5v13h13M7 13.5V10M10.5 13.5V6.5M14 13.5V8.5',
  assets: 'M10 2.5 16.5 6v8L10 17.5 3.5 14V6zM3.7 6.2 10 9.6l6.3-3.4M10 9.6v7.7',
  integrations: 'M8 3.5v3.2M12 3.5v3.2M5.5 6.7h9v3a4.5 4.5 0 0 1-9 0zM10 14.2v3.3',
  policies: 'M4 5.5h12M4 10h12M4 14.5h12M7.5 4v3M12.5 8.5v3M6.5 13v3',
  routes: 'M3.5 10H8c3 0 3-5 6-5h2.5M8 10c3 0 3 5 6 5h2.5M14.5 3l2 2-2 2M14.5 13l2 2-2 2',
  settings:
    'M10 7.6a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8M10 2.8v2M10 15.2v2M4.9 4.9l1.4 1.4M13.7 13.7l1.4 1.4M2.8 10h2M15.2 10h2M4.9 15.1l1.4-1.4M13.7 6.3l1.4-1.4',
  bell: 'M5.5 13.5V9a4.5 4.5 0 0 1 9 0v4.5l1.5 1.5H4zM8.5 17.2h3',
  search: 'M9 4a5 5 0 1 0 0 10A5 5 0 0 0 9 4M12.8 12.8 16.5 16.5',
  check: 'M4.5 10.5 8.3 14l7.2-8',
  close: 'M5.5 5.5l9 9M14.5 5.5l-9 9',
  plus: 'M10 4.5v11M4.5 10h11',
  chevron: 'M5.5 8 10 12.5 14.5 8',
  right: 'M8 5.5 12.5 10 8 14.5',
  left: 'M12 5.5 7.5 10l4.5 4.5',
  external: 'M8 5H4.5v10.5H15V12M11.5 4H16v4.5M16 4l-7 7',
  copy: 'M7 7h9v9H7zM4 13V4h9',
  upload: 'M10 13V4.5M6.5 8 10 4.5 13.5 8M4 13v3h12v-3',
  send: 'M17 3 9 11M17 3l-5 14-3-6-6-3z',
  person: 'M10 4a3 3 0 1 0 0 6 3 3 0 0 0 0-6M4 16.5c.6-2.8 3-4.5 6-4.5s5.4 1.7 6 4.5',
  menu: 'M3.5 6h13M3.5 10h13M3.5 14h13',
  sun: 'M10 7a3 3 0 1 0 0 6 3 3 0 0 0 0-6M10 2.5v1.5M10 16v1.5M2.5 10H4M16 10h1.5M4.7 4.7l1 1M14.3 14.3l1 1M4.7 15.3l1-1M14.3 5.7l1-1',
  moon: 'M16 11.5A6.5 6.5 0 1 1 8.5 4a5 5 0 0 0 7.5 7.5',
  screen: 'M3 4.5h14v9H3zM7.5 16.5h5M10 13.5v3',
  refresh: 'M15.5 8A6 6 0 0 0 4.6 7.3M4.5 4v3.5H8M4.5 12a6 6 0 0 0 10.9.7M15.5 16v-3.5H12',
  undo: 'M7.5 5 4 8.5 7.5 12M4 8.5h7.5a4 4 0 0 1 0 8H9',
  trash: 'M4 6h12M8 6V4h4v2M5.5 6l.7 10.5h7.6L14.5 6',
  edit: 'M4 16l.8-3.2L13.5 4 16 6.5 7.2 15.2z',
  filter: 'M3.5 5h13L11.5 11v5l-3-1.5V11z',
  alert: 'M10 3 2.5 16.5h15zM10 8v4M10 14.2v.1',
  info: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M10 9.2v4.3M10 6.6v.1',
  lock: 'M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9',
  key: 'M12.5 3.5a4 4 0 1 0 0 8 4 4 0 0 0 0-8M9.7 10.3 4 16v1h2.5v-2h2v-2',
  reply: 'M8 5 4 9l4 4M4 9h6.5c3 0 5.5 1.5 5.5 6',
  clock: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M10 6v4.2l2.7 1.6',
  branch:
    'M6 4.5v11M6 12c5 0 8-1.5 8-5M6 3a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3M6 14a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3M14 4a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3',
  file: 'M5 3h6.5L15 6.5V17H5zM11.5 3v3.5H15',
  link: 'M8.5 11.5 11.5 8.5M9 6l2-2a3.2 3.2 0 0 1 4.6 4.6l-2 2M11 14l-2 2a3.2 3.2 0 0 1-4.6-4.6l2-2',
  in: 'M10 4v9M6.5 9.5 10 13l3.5-3.5M4 16.5h12',
  out: 'M10 13V4M6.5 7.5 10 4l3.5 3.5M4 16.5h12',
  logout: 'M11 4H4.5v12H11M8.5 10H17M14 7l3 3-3 3',
  keyboard: 'M2.5 5.5h15v9h-15zM5.5 8.5h.1M8.5 8.5h.1M11.5 8.5h.1M14.5 8.5h.1M6.5 11.7h7',
} as const

export type IconName = keyof typeof shapes

type IconProps = { readonly name: IconName; readonly size?: number; readonly className?: string }

/** Decoration only: the words beside it, or the label of its button, say what it means. */
export function Icon({ name, size = 18, className }: IconProps) {
  return (
    <svg
      className={className}
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      style={{ flexShrink: 0 }}
    >
      <path d={shapes[name]} />
    </svg>
  )
}
