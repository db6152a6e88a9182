#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The manifests for Kubernetes: what they have pz run, it can; and where the schemas of Kubernetes are
# installed (the Python package kubernetes-validate), they are valid by them.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3
need_guest
python3 -c 'import yaml' 2>/dev/null || skip "no Python module yaml"

python3 - "$PZ" "$SRC/packaging/fleet/kubernetes" <<'PY' || fail "the manifests"
import glob, os, subprocess, sys, yaml
pz, folder = sys.argv[1:]
paths = sorted(glob.glob(folder + "/*.yaml"))
kinds = {}
for path in paths:
    for manifest in yaml.safe_load_all(open(path)):
        kinds[manifest["kind"]] = manifest
if sorted(kinds) != ["Deployment", "Job"]:
    sys.exit(f"kinds: {sorted(kinds)}")
version = subprocess.run([pz, "version"], capture_output=True, text=True).stdout.split()[1]
for kind, manifest in kinds.items():
    spec = manifest["spec"]["template"]["spec"]
    for container in spec["containers"]:
        if container["image"] != "page-zero:" + version:
            sys.exit(f"{kind}: the image is {container['image']}, and this pz {version}")
        mounts = {mount["name"] for mount in container["volumeMounts"]}
        if mounts != {volume["name"] for volume in spec["volumes"]}:
            sys.exit(f"{kind}: mounts {mounts}")

container = kinds["Deployment"]["spec"]["template"]["spec"]["containers"][0]
os.mkdir("run")
here = lambda words: [word.replace("/run/page-zero", os.getcwd() + "/run").replace("/usr/bin/pz", pz)
                      for word in words]
pod = subprocess.Popen([pz] + here(container["args"]), stdin=subprocess.PIPE,
                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
pod.stdout.readline()
probe = subprocess.run(here(container["livenessProbe"]["exec"]["command"]), capture_output=True)
if probe.returncode:
    sys.exit(f"the probe: {probe.stderr}")
stop = subprocess.run(here(container["lifecycle"]["preStop"]["exec"]["command"]), capture_output=True)
pod.communicate()
if stop.returncode:
    sys.exit(f"preStop: {stop.stderr}")
probe = subprocess.run(here(container["livenessProbe"]["exec"]["command"]), capture_output=True)
if not probe.returncode:
    sys.exit("a pod that is gone is alive")

grade = kinds["Job"]["spec"]["template"]["spec"]["containers"][0]
script = folder + "/../" + os.path.basename(grade["command"][0])
if not os.access(script, os.X_OK):
    sys.exit(f"{script} cannot be run")
if grade["args"][4] != str(kinds["Job"]["spec"]["completions"]) or len(grade["args"]) != 5:
    sys.exit("as many parts as the job has completions")

try:
    import kubernetes_validate
except ImportError:
    print("without the schemas of Kubernetes")
else:
    for manifest in kinds.values():
        kubernetes_validate.validate(manifest, "1.33", strict=True)
PY
finish
