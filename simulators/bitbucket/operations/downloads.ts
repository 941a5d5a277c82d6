import type { Artifact } from '../model/administration.ts'
import type { Repository } from '../model.ts'
import { offerOneTimeFile } from '../one-time-files.ts'
import { notFound } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import type { Acting } from './pull-requests.ts'

interface Upload {
  name: string
  contentType: string
  content: Buffer
}

/** Offers a file for download; one of the same name takes the place of the old one. */
export function addArtifact(sim: Sim, { repository, actor }: Acting, upload: Upload): void {
  const artifact: Artifact = { ...upload, downloads: 0, person: actor, createdOn: sim.now() }
  repository.artifacts = [...repository.artifacts.filter((one) => one.name !== upload.name), artifact]
}

export function getArtifact(repository: Repository, name: string): Artifact {
  const found = repository.artifacts.find((one) => one.name === name)
  if (found === undefined) throw notFound(name)
  return found
}

export function deleteArtifact(repository: Repository, artifact: Artifact): void {
  repository.artifacts = repository.artifacts.filter((one) => one !== artifact)
}

/** Where the content can be had; asking for it counts as a download. */
export function contentAddress(sim: Sim, artifact: Artifact): string {
  artifact.downloads += 1
  const { name, contentType, content } = artifact
  return offerOneTimeFile(sim, { name, contentType, bytes: content })
}
