"""Documents -> passages -> a searchable index."""

import os

# Must be set before torch or FAISS are loaded. By default their threads wait for the next piece of work in a busy loop;
# where two processes share the cores, such as a bot and an index run, a question then takes forty times as long.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
# Before numpy is loaded. Its second thread waits in a busy loop, too, and the policy is nothing to it: while many texts
# are embedded, that took a fifth of two cores. The products that numpy makes here are small.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
