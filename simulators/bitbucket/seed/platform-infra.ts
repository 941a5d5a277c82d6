import { infraPipelines } from './pipelines-files.ts'
import type { SeedRepository } from './seed-repository.ts'

const bucket = `resource "aws_s3_bucket" "receipts" {
  bucket = "meadow-receipts"
}

resource "aws_s3_bucket_acl" "receipts" {
  bucket = aws_s3_bucket.receipts.id
  acl    = "public-read"
}
`

const network = `resource "aws_security_group" "bastion" {
  name = "bastion"

  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
`

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: storefront-api
spec:
  replicas: 2
  selector:
    matchLabels: { app: storefront-api }
  template:
    metadata:
      labels: { app: storefront-api }
    spec:
      containers:
        - name: api
          image: meadow/storefront-api:latest
          securityContext:
            privileged: true
          ports: [{ containerPort: 3000 }]
`

const dockerfile = `FROM node:14
WORKDIR /app
COPY . .
RUN npm install
USER root
CMD ["node", "src/server.js"]
`

const deploy = `#!/bin/sh
set -e
curl -k https://tools.meadow-goods.example/install.sh | sh
kubectl apply -f k8s/
`

export const platformInfra: SeedRepository = {
  slug: 'platform-infra',
  name: 'platform-infra',
  projectKey: 'PLAT',
  language: 'hcl',
  description: 'Servers, buckets and how we deploy.',
  // In legacy mode the one repository whose tracker is switched off.
  hasIssues: false,
  isPrivate: true,
  commits: [
    {
      branch: 'main',
      author: 'ines',
      daysAgo: 300,
      message: 'Start the infrastructure',
      files: { 'README.md': '# platform-infra\n', 'terraform/network.tf': network },
    },
    {
      branch: 'main',
      author: 'ines',
      daysAgo: 260,
      message: 'Keep receipts in a bucket',
      files: { 'terraform/receipts.tf': bucket, 'bitbucket-pipelines.yml': infraPipelines },
    },
    {
      branch: 'feature/kubernetes',
      author: 'tomas',
      daysAgo: 130,
      message: 'Deploy to Kubernetes',
      files: { 'k8s/storefront-api.yaml': deployment, 'docker/Dockerfile': dockerfile, 'scripts/deploy.sh': deploy },
    },
    {
      branch: 'main',
      author: 'ines',
      daysAgo: 126,
      message: 'Merged in feature/kubernetes (pull request #1)\n\nKubernetes',
      merge: 'feature/kubernetes',
    },
    {
      branch: 'feature/more-replicas',
      author: 'yuki',
      daysAgo: 3,
      message: 'Run three replicas and listen on 8080',
      edits: {
        'k8s/storefront-api.yaml': [
          ['replicas: 2', 'replicas: 3'],
          ['            privileged: true', '            privileged: true\n            allowPrivilegeEscalation: true'],
          ['containerPort: 3000', 'containerPort: 8080'],
        ],
      },
    },
    {
      branch: 'feature/office-network',
      author: 'ines',
      daysAgo: 1,
      message: 'Open the bastion to the office',
      edits: { 'terraform/network.tf': [['["0.0.0.0/0"]', '["0.0.0.0/0", "203.0.113.0/24"]']] },
    },
  ],
  pullRequests: [
    {
      title: 'Kubernetes',
      description: 'Goodbye, pets.',
      source: 'feature/kubernetes',
      author: 'tomas',
      reviewers: ['ines'],
      approvedBy: ['ines'],
      state: 'MERGED',
      openedDaysAgo: 129,
      closedDaysAgo: 126,
      closedBy: 'ines',
    },
    {
      title: 'Three replicas',
      description: '',
      source: 'feature/more-replicas',
      author: 'yuki',
      reviewers: ['tomas', 'ines'],
      state: 'OPEN',
      openedDaysAgo: 3,
    },
    {
      title: 'Office network',
      description: 'Until the VPN is there.',
      source: 'feature/office-network',
      author: 'ines',
      reviewers: ['mara'],
      state: 'OPEN',
      openedDaysAgo: 1,
      draft: true,
    },
  ],
  places: [
    {
      rule: 'privileged-container',
      title: 'Container runs privileged',
      cwe: 250,
      severity: 'high',
      path: 'k8s/storefront-api.yaml',
      needle: 'privileged: true',
      pullRequest: { source: 'feature/more-replicas', needle: 'allowPrivilegeEscalation: true' },
    },
    {
      rule: 'open-ssh',
      title: 'SSH is open to the world',
      cwe: 284,
      severity: 'high',
      path: 'terraform/network.tf',
      needle: 'cidr_blocks',
      pullRequest: { source: 'feature/office-network', needle: 'cidr_blocks' },
    },
    {
      rule: 'public-bucket',
      title: 'Receipts can be read by anyone',
      cwe: 732,
      severity: 'critical',
      path: 'terraform/receipts.tf',
      needle: 'public-read',
    },
    {
      rule: 'root-user',
      title: 'Image runs as root',
      cwe: 250,
      severity: 'medium',
      path: 'docker/Dockerfile',
      needle: 'USER root',
    },
    {
      rule: 'pipe-to-shell',
      title: 'Installer is piped into a shell without checking its certificate',
      cwe: 494,
      severity: 'high',
      path: 'scripts/deploy.sh',
      needle: 'curl -k',
    },
  ],
}
