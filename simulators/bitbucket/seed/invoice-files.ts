export const database = `import sqlite3


def connect(path):
    return sqlite3.connect(path)


def invoice(connection, number):
    return connection.execute("select * from invoices where number = ?", (number,)).fetchone()


def invoices_of(connection, customer, year):
    cursor = connection.cursor()
    cursor.execute("select number, total from invoices where customer = '%s' and year = %s" % (customer, year))
    return cursor.fetchall()
`

export const pdf = `import os
import subprocess


def render(number, folder):
    target = os.path.join(folder, number + ".pdf")
    subprocess.run(["wkhtmltopdf", number + ".html", target], check=True)
    return target


def stamp(path, text):
    os.system("pdftk " + path + " stamp " + text + " output " + path + ".out")
`

export const imports = `import pickle

import yaml


def read_mapping(stream):
    return yaml.load(stream, Loader=yaml.Loader)


def read_batch(data):
    return pickle.loads(data)
`

export const settings = `import os

DEBUG = True
SECRET_KEY = "invoice-dev-key"
DATABASE = os.environ.get("INVOICE_DATABASE", "invoices.db")
ALLOWED_HOSTS = ["*"]
`

export const app = `from flask import Flask, jsonify, request

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

export const tokens = `import random
import string


def reminder_token():
    return "".join(random.choice(string.ascii_letters) for _ in range(16))
`

export const requirements = `flask==1.1.2
pyyaml==5.3
requests==2.19.1
`
