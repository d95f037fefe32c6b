# Messages of the room: plan
