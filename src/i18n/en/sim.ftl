# Messages of the room: sim

sim-scenario-coexistence = v3.2.6 beside a new v4.0.0 on one database: everything converges
sim-scenario-blocked-dependency = terminal v1.0.1 with itsdangerous v0.2.1: healthy on v3.2.6, refused by v4
sim-scenario-overload = sixty plugins on a host whose sshd drops connections under load
sim-scenario-duplicate-variable = GATEWAY_URL_NEW is there twice
sim-scenario-two-versions = two versions of one plugin are running
sim-scenario-old-breaks = registering on the new side breaks a page of the old portal
sim-scenario-mixed-files = the old portal serves another plugin's files under a plugin's path
sim-scenario-unknown-outcome = answers are lost; one register took effect, another never does
