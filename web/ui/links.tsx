import {
  Anchor,
  type AnchorProps,
  Button,
  type ButtonProps,
  NavLink,
  type NavLinkProps,
  UnstyledButton,
  type UnstyledButtonProps,
} from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { ComponentProps, MouseEventHandler, ReactNode, Ref } from 'react'
import { Icon } from './icon.tsx'

type Forwarded = {
  ref?: Ref<HTMLAnchorElement>
  children?: ReactNode
  onClick?: MouseEventHandler<HTMLAnchorElement>
}

function AnchorBase(props: Omit<AnchorProps, 'href'> & Forwarded) {
  return <Anchor {...props} />
}
export const AnchorLink = createLink(AnchorBase)

function ButtonBase(props: Omit<ButtonProps, 'href'> & Forwarded) {
  return <Button component="a" {...props} />
}
export const ButtonLink = createLink(ButtonBase)

function NavLinkBase(props: Omit<NavLinkProps, 'href'> & Forwarded) {
  return <NavLink component="a" {...props} />
}
export const MenuLink = createLink(NavLinkBase)

function PlainBase(props: Omit<UnstyledButtonProps, 'href'> & Forwarded) {
  return <UnstyledButton component="a" {...props} />
}
/** A link without any look of its own, for cards and rows. */
export const PlainLink = createLink(PlainBase)

/** True for addresses a page may lead out to; a remote's text never becomes another scheme. */
export function isWebAddress(address: string): boolean {
  return /^https?:\/\//i.test(address)
}

type ExternalProps = Omit<AnchorProps, 'href'> & ComponentProps<'a'> & { readonly href: string }

export function ExternalLink({ href, children, ...rest }: ExternalProps) {
  if (!isWebAddress(href)) return <span className="break">{children}</span>
  return (
    <Anchor href={href} target="_blank" rel="noopener noreferrer" {...rest}>
      {children} <Icon name="external" size={13} />
    </Anchor>
  )
}
