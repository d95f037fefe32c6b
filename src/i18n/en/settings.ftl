# Messages of the room: settings
