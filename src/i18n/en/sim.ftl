# Messages of the simulator

sim-scenario-coexistence = v3.2.6 beside a new v4.0.0 on one database; every plugin is registered
sim-scenario-blocked-dependency = terminal v1.0.1 with itsdangerous v0.2.1: works on v3.2.6, refused by v4
sim-scenario-overload = sixty plugins on a host whose sshd drops connections under load
sim-scenario-duplicate-variable = two rows of GATEWAY_URL_NEW
sim-scenario-two-versions = two versions of one plugin are running
sim-scenario-old-breaks = a registration on the new instance removes a page from the old portal
sim-scenario-mixed-files = the old portal serves files of another plugin under a plugin's paths
sim-scenario-unknown-outcome = two lost answers: one registration took effect, the other did not
