"""A real object store for tests: OpenStack Swift with its S3 interface, from Debian's packages.

Four server processes and memcached on loopback, on free ports, in a folder of their own. It checks signatures, and
it answers 501 to conditional puts.
"""
import glob
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import time

PYTHON = "/usr/bin/python3"  # Debian's, which its packages are for
ACCESS = "test:tester"
SECRET = "a-secret-of-the-tests"
REGION = "us-east-1"

PROXY = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
user = {user}
workers = 0
swift_dir = {folder}
log_address = {folder}/no-syslog
log_level = ERROR
[pipeline:main]
pipeline = catch_errors gatekeeper cache listing_formats s3api tempauth copy slo dlo proxy-logging proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = {secret} .admin
user_test_reader = {secret}
[filter:s3api]
use = egg:swift#s3api
location = {region}
dns_compliant_bucket_names = true
storage_domain = {domain}
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:proxy-logging]
use = egg:swift#proxy_logging
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:{memcached}
"""

STORAGE = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
user = {user}
workers = 0
servers_per_port = 0
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
log_address = {folder}/no-syslog
log_level = ERROR
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class SwiftStore:
    """Started when made; `stop` ends it. `port` is where the S3 interface listens."""

    conditional = False

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.ports = {name: free_port() for name in ("proxy", "account", "container", "object", "memcached")}
        self.port = self.ports["proxy"]
        self.processes = {}
        self.user = pwd.getpwuid(os.geteuid()).pw_name
        (self.folder / "devices" / "d1").mkdir(parents=True)
        (self.folder / "swift.conf").write_text(
            "[swift-hash]\nswift_hash_path_prefix = a\nswift_hash_path_suffix = b\n"
            "[storage-policy:0]\nname = one\ndefault = yes\n")
        for kind in ("account", "container", "object"):
            self._ring(kind)
            self._write(kind, STORAGE, kind=kind)
        self._write("proxy", PROXY, secret=SECRET, region=REGION, memcached=self.ports["memcached"], domain="localhost")
        try:
            self.start()
        except BaseException:
            self.stop()
            raise

    def _write(self, name, template, **values):
        (self.folder / f"{name}.conf").write_text(
            template.format(port=self.ports[name], user=self.user, folder=self.folder, **values))

    def _ring(self, kind):
        builder = self.folder / f"{kind}.builder"
        for words in (["create", "4", "1", "1"], ["add", "--region", "1", "--zone", "1", "--ip", "127.0.0.1", "--port",
                      str(self.ports[kind]), "--device", "d1", "--weight", "1"], ["rebalance"]):
            done = subprocess.run(["swift-ring-builder", builder, *words], capture_output=True, text=True)
            assert done.returncode in (0, 1), done.stdout + done.stderr  # 1: a warning, as of a single device

    def _run(self, name, words, **variables):
        log = open(self.folder / f"{name}.log", "ab")
        self.processes[name] = subprocess.Popen(words, stdout=log, stderr=log, start_new_session=True,
                                                env={**os.environ, **variables})

    def start(self):
        if "memcached" not in self.processes:
            words = ["memcached", "-l", "127.0.0.1", "-p", str(self.ports["memcached"]), "-m", "32", "-U", "0"]
            if os.geteuid() == 0:
                words += ["-u", "root"]
            self._run("memcached", words)
        for kind in ("account", "container", "object", "proxy"):
            if kind not in self.processes:
                self._run(kind, [PYTHON, f"/usr/bin/swift-{kind}-server", self.folder / f"{kind}.conf"])
        for name, port in self.ports.items():
            self._wait(name, port)

    def start_skewed(self, seconds):
        """One more S3 interface to the same objects, whose clock is ahead by that much; returns its port."""
        name, port = f"proxy-{seconds}", free_port()
        text = (self.folder / "proxy.conf").read_text().replace(f"bind_port = {self.port}", f"bind_port = {port}")
        (self.folder / f"{name}.conf").write_text(text)
        library = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")[0]
        self._run(name, [PYTHON, "/usr/bin/swift-proxy-server", self.folder / f"{name}.conf"],
                  LD_PRELOAD=library, FAKETIME=f"{seconds:+d}s")
        self._wait(name, port)
        return port

    def _wait(self, name, port):
        for _ in range(600):
            assert self.processes[name].poll() is None, f"{name} ended: " + self.log(name)
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"{name} did not listen: " + self.log(name))

    def log(self, name):
        return (self.folder / f"{name}.log").read_text(errors="replace")[-3000:]

    def _end(self, name):
        process = self.processes.pop(name)
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()

    def stop_proxy(self):
        """The store is away: connections are refused until `start`."""
        self._end("proxy")

    def stop(self):
        for name in list(self.processes):
            self._end(name)
        shutil.rmtree(self.folder / "devices", ignore_errors=True)
