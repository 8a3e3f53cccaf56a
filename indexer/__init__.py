"""Documents -> passages -> a searchable index."""

import os

# Must be set before torch or FAISS are loaded. By default their threads wait for the next piece of work in a busy loop;
# where two processes share the cores, such as a bot and an index run, a question then takes forty times as long.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
