"""A certificate authority of one run: certificates of a server, of a client, and of a stranger, and who they say they are."""
import os
import subprocess

CLIENT = {"subject": "C=US, O=Example Org, CN=client.example.net", "issuer": "CN=Test CA, O=Example", "fingerprint": "", "verified": True}
STRANGER = {"subject": "C=US, O=Example Org, CN=stranger.example.net", "issuer": "C=US, O=Example Org, CN=stranger.example.net", "fingerprint": "", "verified": False}

# Of a .mc: where a server has them.
CERTIFICATES = """define(`confCACERT_PATH',`/etc/mail/certs')
define(`confCACERT',`/etc/mail/ca.crt')
define(`confSERVER_CERT',`/etc/mail/server.crt')
define(`confSERVER_KEY',`/etc/mail/server.key')
"""


class Authority:
    """Makes the certificates in a folder."""

    def __init__(self, folder):
        self.folder = folder
        self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=Test CA/O=Example", "-keyout", "ca.key", "-out", "ca.crt")
        for name, issuer in (("server", "ca"), ("client", "ca"), ("stranger", None)):
            subject = "/C=US/O=Example Org/CN=" + {"server": "mail.example.org"}.get(name, name + ".example.net")
            self.openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", subject, "-keyout", name + ".key", "-out", name + ".csr")
            signer = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial"] if issuer else ["-signkey", name + ".key"]
            self.openssl("x509", "-req", "-in", name + ".csr", "-days", "30", *signer, "-out", name + ".crt")
            with open(os.path.join(folder, name + ".pem"), "w", encoding="ascii") as f:
                f.write(self.text(name + ".crt") + self.text(name + ".key"))

    def openssl(self, *argv):
        subprocess.run(["openssl", *argv], check=True, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def text(self, name):
        with open(os.path.join(self.folder, name), encoding="ascii") as f:
            return f.read()

    def server_files(self):
        """What a server has in /etc/mail, by name."""
        return {name: self.text(name) for name in ("server.crt", "server.key", "ca.crt")}

    def presents(self, who, dialogue):
        """The dialogue, said by the "client" or the "stranger"."""
        certificate = {"client": CLIENT, "stranger": STRANGER}[who]
        return dict(dialogue, certificate=certificate, certificate_file=os.path.join(self.folder, who + ".pem"))
