import type { SeedRepository } from './seed-repository.ts'

const database = `import sqlite3


def connect(path):
    return sqlite3.connect(path)


def invoice(connection, number):
    return connection.execute("select * from invoices where number = ?", (number,)).fetchone()


def invoices_of(connection, customer, year):
    cursor = connection.cursor()
    cursor.execute("select number, total from invoices where customer = '%s' and year = %s" % (customer, year))
    return cursor.fetchall()
`

const pdf = `import os
import subprocess


def render(number, folder):
    target = os.path.join(folder, number + ".pdf")
    subprocess.run(["wkhtmltopdf", number + ".html", target], check=True)
    return target


def stamp(path, text):
    os.system("pdftk " + path + " stamp " + text + " output " + path + ".out")
`

const imports = `import pickle

import yaml


def read_mapping(stream):
    return yaml.load(stream, Loader=yaml.Loader)


def read_batch(data):
    return pickle.loads(data)
`

const settings = `import os

DEBUG = True
SECRET_KEY = "invoice-dev-key"
DATABASE = os.environ.get("INVOICE_DATABASE", "invoices.db")
ALLOWED_HOSTS = ["*"]
`

const app = `from flask import Flask, jsonify, request

from invoices import database, settings

app = Flask(__name__)
app.secret_key = settings.SECRET_KEY


@app.get("/invoices")
def list_invoices():
    connection = database.connect(settings.DATABASE)
    rows = database.invoices_of(connection, request.args["customer"], request.args["year"])
    return jsonify([{"number": number, "total": total} for number, total in rows])


@app.get("/health")
def health():
    return jsonify(ok=True)
`

const tokens = `import random
import string


def reminder_token():
    return "".join(random.choice(string.ascii_letters) for _ in range(16))
`

const requirements = `flask==1.1.2
pyyaml==5.3
requests==2.19.1
`

const query = `    cursor.execute("select number, total from invoices where customer = '%s' and year = %s" % (customer, year))`
const queryInPullRequest = `    cursor.execute("select number, total, currency from invoices where customer = '%s' and year = %s" % (customer, year))`

export const invoiceService: SeedRepository = {
  slug: 'invoice-service',
  name: 'invoice-service',
  projectKey: 'FIN',
  language: 'python',
  description: 'Makes invoices and sends them.',
  hasIssues: true,
  isPrivate: true,
  commits: [
    {
      branch: 'main',
      author: 'ines',
      daysAgo: 210,
      message: 'Start the invoice service',
      files: {
        'README.md': '# invoice-service\n',
        'requirements.txt': requirements,
        'invoices/__init__.py': '',
        'invoices/settings.py': settings,
        'invoices/app.py': app,
      },
    },
    {
      branch: 'main',
      author: 'yuki',
      daysAgo: 205,
      message: 'Keep invoices in a database',
      files: { 'invoices/database.py': database },
    },
    {
      branch: 'feature/pdf',
      author: 'tomas',
      daysAgo: 140,
      message: 'Render invoices as PDF',
      files: { 'invoices/pdf.py': pdf },
    },
    {
      branch: 'main',
      author: 'yuki',
      daysAgo: 137,
      message: 'Merged in feature/pdf (pull request #1)\n\nInvoices as PDF',
      merge: 'feature/pdf',
      tag: '2026.7',
    },
    {
      branch: 'feature/batch-import',
      author: 'yuki',
      daysAgo: 75,
      message: 'Read batches of the old system',
      files: { 'invoices/imports.py': imports },
    },
    {
      branch: 'main',
      author: 'tomas',
      daysAgo: 71,
      message: 'Merged in feature/batch-import (pull request #2)\n\nImport batches',
      merge: 'feature/batch-import',
      tag: '2026.9',
    },
    {
      branch: 'main',
      author: 'tomas',
      daysAgo: 44,
      message: 'Send reminders with a token',
      files: { 'invoices/tokens.py': tokens },
    },
    {
      branch: 'feature/currencies',
      author: 'tomas',
      daysAgo: 9,
      message: 'Show the currency of each invoice',
      edits: {
        'invoices/database.py': [[query, queryInPullRequest]],
        'invoices/app.py': [
          [
            '{"number": number, "total": total} for number, total in rows',
            '{"number": number, "total": total, "currency": currency} for number, total, currency in rows',
          ],
        ],
      },
    },
    {
      branch: 'feature/yaml-options',
      author: 'yuki',
      daysAgo: 2,
      message: 'Let mappings be given as options',
      edits: {
        'invoices/imports.py': [
          [
            'def read_mapping(stream):\n    return yaml.load(stream, Loader=yaml.Loader)',
            'def read_mapping(stream, loader=yaml.Loader):\n    return yaml.load(stream, Loader=loader)',
          ],
        ],
      },
    },
    {
      branch: 'spike/async',
      author: 'yuki',
      daysAgo: 50,
      message: 'Try an asynchronous server',
      edits: { 'requirements.txt': [['flask==1.1.2', 'quart==0.19.4']] },
    },
  ],
  pullRequests: [
    {
      title: 'Invoices as PDF',
      description: '',
      source: 'feature/pdf',
      author: 'tomas',
      reviewers: ['yuki'],
      approvedBy: ['yuki'],
      state: 'MERGED',
      openedDaysAgo: 140,
      closedDaysAgo: 137,
      closedBy: 'yuki',
    },
    {
      title: 'Import batches',
      description: 'From the old system.',
      source: 'feature/batch-import',
      author: 'yuki',
      reviewers: ['tomas'],
      approvedBy: ['tomas'],
      state: 'MERGED',
      openedDaysAgo: 74,
      closedDaysAgo: 71,
      closedBy: 'tomas',
    },
    {
      title: 'Asynchronous server',
      description: 'An experiment.',
      source: 'spike/async',
      author: 'yuki',
      reviewers: [],
      state: 'DECLINED',
      openedDaysAgo: 50,
      closedDaysAgo: 47,
      closedBy: 'yuki',
    },
    {
      title: 'Currencies',
      description: 'Invoices in francs and pounds.',
      source: 'feature/currencies',
      author: 'tomas',
      reviewers: ['yuki', 'ines'],
      state: 'OPEN',
      openedDaysAgo: 8,
      comments: [{ author: 'yuki', daysAgo: 7, raw: 'Do old rows have a currency?' }],
    },
    {
      title: 'Mapping options',
      description: '',
      source: 'feature/yaml-options',
      author: 'yuki',
      reviewers: ['tomas'],
      state: 'OPEN',
      openedDaysAgo: 2,
    },
  ],
  places: [
    {
      rule: 'sql-injection',
      title: 'Invoice list builds SQL from user input',
      cwe: 89,
      severity: 'critical',
      path: 'invoices/database.py',
      needle: query.trim(),
      pullRequest: { source: 'feature/currencies', needle: queryInPullRequest.trim() },
    },
    {
      rule: 'unsafe-yaml',
      title: 'YAML loader runs code from the file',
      cwe: 502,
      severity: 'high',
      path: 'invoices/imports.py',
      needle: 'yaml.load(',
      pullRequest: { source: 'feature/yaml-options', needle: 'yaml.load(' },
    },
    {
      rule: 'unsafe-pickle',
      title: 'Batches are unpickled',
      cwe: 502,
      severity: 'high',
      path: 'invoices/imports.py',
      needle: 'pickle.loads(',
    },
    {
      rule: 'command-injection',
      title: 'Stamp runs a shell command with user input',
      cwe: 78,
      severity: 'critical',
      path: 'invoices/pdf.py',
      needle: 'os.system(',
    },
    {
      rule: 'debug-enabled',
      title: 'Debug mode is on',
      cwe: 489,
      severity: 'medium',
      path: 'invoices/settings.py',
      needle: 'DEBUG = True',
    },
    {
      rule: 'hardcoded-secret',
      title: 'Secret key in the source',
      cwe: 798,
      severity: 'high',
      path: 'invoices/settings.py',
      needle: 'SECRET_KEY =',
    },
    {
      rule: 'weak-random',
      title: 'Reminder tokens can be guessed',
      cwe: 330,
      severity: 'low',
      path: 'invoices/tokens.py',
      needle: 'random.choice(',
    },
  ],
}
